"""What a set of weights tells: (names -> tensors) in, records out; a module only adds what names cannot say."""
