"""From an item to candidate sightings: rules, a small learned model, an optional second opinion."""
