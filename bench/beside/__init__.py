"""Library and peers beside each other, as whole processes."""
