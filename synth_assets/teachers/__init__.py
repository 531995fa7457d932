"""What asks a model: task types, the embedded teacher, the response store's protocol. Only this room knows of a network."""
