<?php
{#- What `autoconfig.php` answers with: the tables of the program and the operator's names, as
    literals that `export` has escaped. -#}
{{- "\n" -}}
// {{ mark }}
return {{ data }};
