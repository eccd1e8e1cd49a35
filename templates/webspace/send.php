<?php
declare(strict_types=1);

/* ------------------------------------------------------------------------ the answer and its form */

/** An answer. `$kind`: of the body, null where there is none; `headers`: whole lines. */
function answer(string $body, ?array $kind, array $more = []): array
{
    return $more + [
        'status' => 200, 'body' => $body, 'kind' => $kind, 'cache' => DATA['no_store'], 'headers' => [], 'etag' => '',
    ];
}

/** The error in the form that the client reads. */
function refuse(Refusal $refusal, ?array $endpoint, string $path): array
{
    $name = $refusal->getMessage();
    $kind = $endpoint['errors'] ?? DATA['errors_at'][$path] ?? errors_under($path);
    $more = ['status' => DATA['errors'][$name]['status']];
    if ($name === 'NotServed') {
        $more['cache'] = $endpoint['not_found_cache'];
    } elseif ($name === 'MethodNotAllowed') {
        $more['headers'] = [allow($endpoint)];
    }
    $time = (new DateTime('now', new DateTimeZone('UTC')))->format('H:i:s.u');
    $body = strtr(DATA['errors'][$name]['written'][$kind], ['%TIME%' => $time] + $refusal->words);
    return answer($body, DATA['kinds'][$kind], $more);
}

/** The form of an error at a path that is not in the table, by what it resembles. */
function errors_under(string $path): string
{
    foreach (DATA['errors_under'] as $beginning => $kind) {
        if (begins($path, $beginning)) { // as the last one does, which is empty
            break;
        }
    }
    return $kind;
}

/** The header that says which methods a URL takes. */
function allow(array $endpoint): string
{
    return 'Allow: ' . implode(', ', $endpoint['allow']);
}

function send(array $answer): void
{
    restore_error_handler(); // what is wrong now is PHP's to log
    header_remove('X-Powered-By');
    ['status' => $status, 'body' => $body, 'kind' => $kind] = $answer;
    $lines = array_merge($answer['headers'], $kind['headers'] ?? [], ['Cache-Control: ' . $answer['cache']]);
    if ($answer['etag'] !== '') {
        $etag = "\"{$answer['etag']}\"";
        $lines[] = "ETag: $etag";
        if (is_unchanged($etag)) {
            [$status, $body, $kind] = [304, '', null];
        }
    }
    if ($kind !== null) {
        array_push($lines, 'Content-Type: ' . $kind['type'], 'Content-Length: ' . strlen($body));
    }
    foreach ($lines as $line) {
        header($line);
    }
    http_response_code($status);
    echo $body;
}

/** Whether the client has these bytes already: RFC 9110 section 13.1.2. */
function is_unchanged(string $etag): bool
{
    $known = array_map(static function (string $tag): string {
        return preg_replace('#\AW/#i', '', trim($tag));
    }, explode(',', $_SERVER['HTTP_IF_NONE_MATCH'] ?? ''));
    return in_array($etag, $known, true) || $known === ['*'];
}
