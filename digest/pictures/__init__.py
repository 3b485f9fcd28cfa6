"""The pictures: drawn without a display, the same facts as the words beside them."""
