"""The signature of an Apple profile, by the operator's own key."""
