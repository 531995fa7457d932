"""What asks a model: task types, the embedded teacher, the response store. Only this room knows of a network."""
