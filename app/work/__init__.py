"""Many processes on one PostgreSQL: the same jobs as in one process, through Procrastinate."""
