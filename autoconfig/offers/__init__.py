"""What OVHcloud sells."""
