"""The exported trees under real web servers. `tests/real/webspace/install` installs those."""
