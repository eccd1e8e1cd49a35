<?php
declare(strict_types=1);

/* ----------------------------------------------------- Autodiscover: plain old XML, SOAP, JSON v2 */

/**
 * Settings, or a redirect for a service that has an Autodiscover of its own.
 *
 * ActiveSync devices follow no redirect, so over TLS they get the URL at once. GET is for Delta Chat and for Microsoft's plain-http step.
 */
function answer_pox(array $endpoint, string $in_path): array
{
    [$local, $domain, $format] = asked_settings($endpoint);
    $service = service($local, $domain);
    $written = isset($service['documents'][$format ?? '']) && !is_plain_http();
    if (isset($service['redirects'][$endpoint['path']]) && !$written) {
        return redirect($service['redirects'][$endpoint['path']]);
    }
    if ($format === null) {
        throw new Refusal('SchemaNotServed');
    }
    return is_plain_http()
        ? redirect(over_tls($domain))
        : fill($format, $local, $domain, $service);
}

/**
 * Local part and domain of whom is asked about, and the format of the answer.
 *
 * A POST that names nobody is for the domain of the host, as GET is, if that is an Exchange
 * server's: it asks for the redirect alone.
 */
function asked_settings(array $endpoint): array
{
    if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
        return [null, asked_domain($endpoint['parameter']) ?? host_domain(), $endpoint['format']];
    }
    [$address, $schema] = parse_request(read_body());
    if ($address !== '') {
        [$local, $domain] = parse_address($address);
        return [$local, $domain, DATA['format_of_schema'][$schema] ?? null];
    }
    $domain = (string) domain_of_host(host_name() ?? '');
    if (!isset(DATA['domains'][$domain], service(null, $domain)['redirects'][$endpoint['path']])) {
        throw new Refusal('MalformedAddress');
    }
    return [null, $domain, $endpoint['format']];
}

/** The URL at which to ask again. A GET says its domain there, if the host does not. */
function over_tls(string $domain): string
{
    $url = own_url(DATA['pox_path'], $domain);
    $says = domain_of_host(strtolower((string) parse_url($url, PHP_URL_HOST))) === $domain;
    return $says || $_SERVER['REQUEST_METHOD'] === 'POST' ? $url : "$url?domain=$domain";
}

/** The URL of one protocol. */
function answer_json(array $endpoint, string $in_path): array
{
    $address = asked_address($endpoint, $in_path);
    if ($address === null) {
        throw new Refusal('MalformedAddress');
    }
    [$local, $domain] = $address;
    $service = service($local, $domain);
    $own = $service['redirects'];
    $wanted = query('protocol');
    if (is_plain_http()) {
        $url = $own[DATA['json_path']] ?? own_url(DATA['json_path'], $domain);
        $asked = ['Email' => "$local@$domain", 'Protocol' => $wanted];
        return redirect($url . '?' . str_replace('%20', '+', http_build_query($asked, '', '&', PHP_QUERY_RFC3986)));
    }
    $urls = array_filter([
        'ActiveSync' => $service['activesync'],
        'AutodiscoverV1' => $own[DATA['pox_path']] ?? own_url(DATA['pox_path'], $domain),
        'Ews' => $service['ews'],
    ]);
    foreach ($urls as $protocol => $url) {
        if (strtolower($wanted) === strtolower($protocol)) {
            $body = json_encode(['Protocol' => $protocol, 'Url' => $url], JSON_UNESCAPED_SLASHES);
            return answer($body, DATA['kinds']['JSON'], ['cache' => DATA['hour']]);
        }
    }
    throw new Refusal('ProtocolNotServed', [
        '{wanted}' => substr(preg_replace('/[^A-Za-z0-9]/', '', $wanted), 0, 32),
        '{offered}' => implode(', ', array_keys($urls)),
    ]);
}

/**
 * The address and the schema, in lower case, that a request names; empty where there is none.
 *
 * A document type is refused before the parser sees it, in any encoding that keeps ASCII bytes, and
 * after, in any other; entities, DTD and network are off in the parser all the same.
 */
function parse_request(string $body): array
{
    if (trim($body, " \t\n\r\v\f") === '') { // clients of NTLM post it first, to be asked for a password
        return ['', ''];
    }
    if (preg_match(DATA['plain_request'], $body, $found)) { // as nearly all are
        return [$found[1], strtolower($found[2])];
    }
    $body = preg_replace('/\A\s*(?:\xef\xbb\xbf\s+)?/', '', $body);
    $plain = str_replace("\0", '', $body);
    $wide = preg_match('/\A(?:\xff\xfe|\xfe\xff|[^\0]{0,3}\0)/', $body) === 1; // UTF-16: NUL is no text elsewhere
    if ($plain === '' || (!$wide && $plain !== $body) || stripos($plain, '<!DOCTYPE') !== false) {
        throw new Refusal('MalformedRequest');
    }
    $root = parse_xml($body);
    $ours = $root->localName === 'Autodiscover'
        && in_array($root->namespaceURI, DATA['request_namespaces'], true);
    $requests = children($root, 'Request');
    if (!$ours || count($requests) !== 1) {
        throw new Refusal('MalformedRequest');
    }
    $address = text_of($requests[0], 'EMailAddress');
    $schema = text_of($requests[0], 'AcceptableResponseSchema');
    if ($address !== '' && $schema === '') {
        throw new Refusal('MalformedRequest');
    }
    return [$address, lower($schema)];
}

/** The root of a document without mistakes and without document type. */
function parse_xml(string $text): DOMElement
{
    if (!class_exists('DOMDocument')) {
        error_log("PHP's DOM extension is missing: an unusual request for Outlook's settings cannot be read");
        throw new Refusal('InternalError');
    }
    libxml_use_internal_errors(true);
    libxml_set_external_entity_loader(static function () {
        return null;
    });
    $document = new DOMDocument();
    $good = $document->loadXML($text, LIBXML_NONET);
    foreach (libxml_get_errors() as $error) {
        $good = $good && $error->level <= LIBXML_ERR_WARNING;
    }
    libxml_clear_errors();
    if (!$good || $document->documentElement === null || $document->doctype !== null) {
        throw new Refusal('MalformedRequest');
    }
    return $document->documentElement;
}

/** The elements right below, of the same namespace. */
function children(DOMElement $parent, string $name): array
{
    $found = [];
    foreach ($parent->childNodes as $child) {
        $same = $child instanceof DOMElement && $child->namespaceURI === $parent->namespaceURI;
        if ($same && $child->localName === $name) {
            $found[] = $child;
        }
    }
    return $found;
}

/** The text of the first such element, comments and instructions left out. */
function text_of(DOMElement $request, string $name): string
{
    $elements = children($request, $name);
    return $elements === [] ? '' : strip($elements[0]->textContent);
}
