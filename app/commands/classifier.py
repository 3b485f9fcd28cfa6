"""`cascade classifier`: what the classifier learned, and how often each rule and source was right."""

from app.commands.printing import Db, Json, show


def classifier(db: Db = None, as_json: Json = False) -> None:
    """Print the classifier's version, what it learned, and how often each rule and source was right."""
    from app import clock
    from app.build import House, open_store
    from app.learning import answer_classifier
    from app.settings import read_settings

    settings = read_settings(db)
    store = open_store(settings)
    try:
        show(answer_classifier(House(settings), store, clock.now()), as_json=as_json)
    finally:
        store.close()
