"""Everything in transit: bytes in, values out, and back."""
