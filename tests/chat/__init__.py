"""What every chat platform must do, written once; each platform's tests bring the server and the adapter."""
