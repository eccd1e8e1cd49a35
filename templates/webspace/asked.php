<?php
declare(strict_types=1);

/* --------------------------------------------------------------------------- what a client asked */

/** The path of the URL, decoded. */
function request_path(): string
{
    $uri = preg_replace('#\A[a-z][a-z0-9+.-]*://[^/?]*#i', '', $_SERVER['REQUEST_URI']);
    return rawurldecode(explode('?', $uri, 2)[0]);
}

/** The path as the table writes it; an address in it keeps its case. */
function canonical_path(string $path): string
{
    $lowered = strtolower($path);
    if (!begins($lowered, DATA['caseless_prefix'])) {
        return $path;
    }
    foreach (array_keys(DATA['above_address']) as $folder) {
        if (begins($lowered, $folder)) {
            return $folder . substr($path, strlen($folder));
        }
    }
    return $lowered;
}

/** The first value of a query parameter, whose name is compared without case. */
function query(string $wanted): string
{
    foreach (explode('&', $_SERVER['QUERY_STRING'] ?? '') as $pair) {
        [$name, $value] = explode('=', $pair, 2) + ['', ''];
        if (strtolower(urldecode($name)) === $wanted) {
            return utf8(urldecode($value));
        }
    }
    return '';
}

/**
 * The address in the path or in the query, as local part and domain; null where it is absent.
 *
 * Nextcloud, FairEmail and Pimalaya send `+` as it is, which a form decoder reads as a space.
 */
function asked_address(array $endpoint, string $in_path): ?array
{
    $text = $in_path;
    if ($text === '' && $endpoint['parameter'] !== null) {
        $text = query($endpoint['parameter']);
    }
    $text = strip($text);
    return in_array($text, ['', '%EMAILADDRESS%'], true) ? null : parse_address(str_replace(' ', '+', $text));
}

/** The domain in a query parameter; null where it is absent. */
function asked_domain(string $parameter): ?string
{
    $text = strip(query($parameter));
    $domain = parse_domain($text);
    if ($text !== '' && $domain === null) {
        throw new Refusal('NotServed');
    }
    return $domain;
}

/** The domain that the host name stands for. */
function host_domain(): string
{
    $domain = domain_of_host(host_name() ?? '');
    if ($domain === null) {
        throw new Refusal('NotServed');
    }
    return $domain;
}

/** Of a host name itself, without our prefix, and without `www.`, the first that is a domain of ours. */
function domain_of_host(string $name): ?string
{
    $bare = $name;
    foreach (DATA['host_prefixes'] as $prefix) {
        if (begins($name, $prefix)) {
            $bare = substr($name, strlen($prefix));
            break;
        }
    }
    foreach ([DATA['domains'], DATA['mailbox_domains']] as $known) {
        foreach ([$name, $bare, preg_replace('/\Awww\./', '', $bare)] as $domain) {
            if (isset($known[$domain])) {
                return $domain;
            }
        }
    }
    return null;
}

/** The host name in its one form; null where it is none. */
function host_name(): ?string
{
    return parse_domain(utf8(host_alone()));
}

/** The `Host` header without port. `X-Forwarded-Host` does not count: anybody may write it. */
function host_alone(): string
{
    return preg_replace('/:\d*\z/', '', $_SERVER['HTTP_HOST'] ?? '');
}

/** The host name of the operator's base, where there is one. */
function base_host(): ?string
{
    return DATA['base_url'] === null ? null : strtolower((string) parse_url(DATA['base_url'], PHP_URL_HOST));
}

/**
 * An https URL of ours: the operator's base, else under the name that was asked.
 *
 * A host name that is none of ours may be forged, and is not repeated.
 */
function own_url(string $path, string $domain): string
{
    $host = host_name() ?? '';
    return (DATA['base_url'] ?? 'https://' . (domain_of_host($host) === null ? "autodiscover.$domain" : $host)) . $path;
}

/**
 * Whether the client came without TLS.
 *
 * On web space TLS usually ends at a machine in front, which says so in `X-Forwarded-Proto`; its
 * word, the last one, counts first. Without it Apache has been asked directly, and knows. A client
 * that writes the header itself is only sent on to https.
 */
function is_plain_http(): bool
{
    $forwarded = explode(',', $_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '');
    $scheme = strtolower(trim(end($forwarded)));
    if ($scheme !== '') {
        return $scheme === 'http';
    }
    $tls = strtolower($_SERVER['HTTPS'] ?? '');
    return in_array($tls, ['', 'off', '0'], true) && (string) ($_SERVER['SERVER_PORT'] ?? '') !== '443';
}

/** The body, never more than the limit and one byte, which tells one that is too long. */
function read_body(): string
{
    $limit = DATA['max_body'];
    $length = $_SERVER['CONTENT_LENGTH'] ?? '';
    // Beside Apache, PHP sees nothing of a body in chunks unless it is short enough to be counted.
    $unseen = $length === '' && isset($_SERVER['HTTP_TRANSFER_ENCODING']) && PHP_SAPI !== 'apache2handler';
    $long = $unseen || (int) $length > $limit;
    $body = $long ? '' : (string) file_get_contents('php://input', false, null, 0, $limit + 1);
    if ($long || strlen($body) > $limit) {
        throw new Refusal('BodyTooLarge');
    }
    return $body;
}
