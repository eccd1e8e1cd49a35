"""The words of `check`, in English and French."""
