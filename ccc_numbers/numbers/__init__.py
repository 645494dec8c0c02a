"""The domain: everybody who decides about a number asks here, and writes to CCC through here."""
