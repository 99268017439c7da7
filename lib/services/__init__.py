"""One use case, one function: may this actor? decide, write and audit, in one transaction."""
