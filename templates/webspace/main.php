<?php
declare(strict_types=1);

/*
 * Answers mail clients on web space with PHP 7.4 or newer, as `autoconfig serve` does on a server.
 *
 * `.htaccess` sends every request here that asks for more than a file. Every fact is in
 * `autoconfig-data.php`, and what people ask for in `autoconfig-people.php`. All of them are written
 * by `autoconfig export --for apache`: change the configuration and export again rather than editing
 * them. PHP's DOM extension reads an unusual question of Outlook; with `intl` and `mbstring`, unusual
 * spellings of international names are understood too.
 *
 * Read from the top: `main` finds the URL in the table, an `answer_` function answers it, a
 * `Refusal` ends it, `send` writes it. No mailbox is looked up and no address is logged here.
 */

ini_set('display_errors', '0');
ini_set('zlib.output_compression', '0'); // Content-Length is ours
ini_set('default_mimetype', ''); // an answer without a body has no type
set_error_handler(static function (int $level, string $message, string $file, int $line): bool {
    throw new ErrorException('', 0, $level, $file, $line); // the message may hold an address
}, E_ALL & ~E_DEPRECATED);
define('DATA', require __DIR__ . '/autoconfig-data.php');
send(main());

/** A request that gets no settings. The message is the error's name in the data. */
final class Refusal extends Exception
{
    /** @var string[] what to put into the error's sentence, by placeholder */
    public $words;

    public function __construct(string $name, array $words = [])
    {
        parent::__construct($name);
        $this->words = $words;
    }
}

/** The answer to this request, which may be an error in the form that the client reads. */
function main(): array
{
    $path = canonical_path('/' . ltrim(request_path(), '/')); // some clients double the first slash
    $endpoint = null;
    try {
        [$endpoint, $in_path] = find_endpoint($path);
        $answer = respond($endpoint, $in_path);
    } catch (Refusal $refusal) {
        $answer = refuse($refusal, $endpoint, $path);
    } catch (Throwable $bug) { // our own fault: the log gets its place, the message may hold an address
        error_log(get_class($bug) . ' at ' . basename($bug->getFile()) . ':' . $bug->getLine());
        $answer = refuse(new Refusal('InternalError'), $endpoint, $path);
    }
    $answer['headers'] = array_merge(DATA['headers'], $endpoint['headers'] ?? [], $answer['headers']);
    return $answer;
}

/** The row of the table for a path, and the address in the path where the URL has one. */
function find_endpoint(string $path): array
{
    foreach (DATA['above_address'] as $folder => $endpoint) {
        $address = begins($path, $folder) ? utf8(substr($path, strlen($folder))) : '';
        if (preg_match('#\A[^/\n].*\z#', $address)) {
            return [$endpoint, $address];
        }
    }
    if (!isset(DATA['endpoints'][$path])) {
        throw new Refusal('NotFound');
    }
    return [DATA['endpoints'][$path], ''];
}

/** The answer of a URL. */
function respond(array $endpoint, string $in_path): array
{
    $method = $_SERVER['REQUEST_METHOD'];
    if (!in_array($method, $endpoint['allow'], true)) {
        throw new Refusal('MethodNotAllowed');
    }
    if ($method === 'OPTIONS') {
        return answer('', null, ['status' => 204, 'headers' => [allow($endpoint)]]);
    }
    return $endpoint['answer']($endpoint, $in_path); // the name of a function here, from our table
}

/** A document for the domain of the address, else of the host; the same for every mailbox. */
function answer_document(array $endpoint, string $in_path): array
{
    [$local, $domain] = asked_address($endpoint, $in_path) ?? [null, host_domain()];
    return fill($endpoint['format'], $local, $domain, service($local, $domain));
}

function answer_health(array $endpoint, string $in_path): array
{
    return answer("ok\n", DATA['kinds']['TEXT']);
}

/** To the service's own server, or nothing. The body is not read. */
function answer_redirect(array $endpoint, string $in_path): array
{
    $url = service(null, host_domain())['redirects'][$endpoint['path']] ?? null;
    if ($url === null) {
        throw new Refusal('NotOffered');
    }
    return redirect($url);
}

/** The service of an address, else of its domain. */
function service(?string $local, string $domain): array
{
    $own = $local === null ? null : DATA['mailboxes'][lower($local) . "@$domain"] ?? null;
    $number = $own ?? DATA['domains'][$domain] ?? null;
    if ($number === null) {
        throw new Refusal('NotServed');
    }
    return DATA['services'][$number];
}

/** The service's document in a format, for an address, or a domain where `$local` is null; in a device's order. */
function fill(string $name, ?string $local, string $domain, array $service, ?string $device = null): array
{
    if (!isset($service['documents'][$name])) {
        throw new Refusal('NotOffered');
    }
    [$document, $format] = [$service['documents'][$name], DATA['formats'][$name]];
    if ($local === null && $format['needs_address']) {
        throw new Refusal('MalformedAddress');
    }
    [$text, $digest] = in_order($document, $device);
    $filled = [];
    foreach ($format['fills'] as $placeholder => $value) {
        $filled[$placeholder] = escape(value($value, $local, $domain), $format['kind']['name']);
    }
    // One pass: a name that looks like a placeholder stays as it is.
    return answer(strtr($text, $filled), $format['kind'], [
        'cache' => $format['cache'],
        'headers' => $format['headers'],
        'etag' => $format['cache'] === DATA['no_store'] ? '' : "$digest-$domain",
    ]);
}

/** The value of a placeholder, not yet escaped, by its name in the data. */
function value(string $name, ?string $local, string $domain): string
{
    $address = "$local@$domain";
    if (begins($name, 'uuid_')) {
        return uuid(substr($name, strlen('uuid_')), $address);
    }
    return [
        'domain' => $domain,
        'unicode_domain' => DATA['unicode'][$domain] ?? $domain,
        'address' => $address,
        'local_part' => (string) $local,
        'quoted_address' => str_replace('%40', '@', rawurlencode($address)),
    ][$name];
}

/** To an absolute URL: Delta Chat cannot read a relative one. */
function redirect(string $url): array
{
    return answer("$url\n", DATA['kinds']['TEXT'], ['status' => 302, 'headers' => ["Location: $url"]]);
}
