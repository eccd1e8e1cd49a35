"""Texts of zones, as people paste them."""

PANEL = """\
$TTL 3600
@\tIN SOA ns1.example.net. tech.example.net. (2023043000 86400 3600 3600000 300)
                          IN NS     ns1.example.net.
                          IN NS     ns2.example.net.
                          IN MX     1 mx1.example.net.
                          IN A      192.0.2.1
                          IN TXT    "1|www.example.fr"
                      600 IN TXT    "v=spf1 include:mx.example.net ~all"
_autodiscover._tcp        IN SRV    0 0 443 mail.example.net.
_dmarc                    IN DMARC  "v=DMARC1; p=none"
autoconfig                IN CNAME  mail.example.net.
key._domainkey            IN DKIM   ( "v=DKIM1; k=rsa; p=MIIB" "IjANBg" )
www                       IN CNAME  example.fr.
"""
"""As the text mode of the control panel writes it; the API's export has no pseudo types."""
ODD = (
    "$ORIGIN example.fr.\n$TTL 1h\nwww 600 A 192.0.2.1\n IN AAAA 2001:db8::1\n* CNAME @\n",
    "example.fr. SOA ns. tech. ( 1 2\n 3 4 5 ) ; comment\n TYPE65 \\# 1 00\n ALIAS a.example.\n",
    '@ TXT "a" b\\065\\"\n@ MX 10 mail\n_imap._tcp SRV 0 0 0 .\ncaf\u00e9 A 192.0.2.1\n',
    '@ A 192.0.2.256\nwww\n$INCLUDE a\n@ TXT "a\n( \n',
)
"""Other ways to write the same things, and mistakes."""
