# SPDX-License-Identifier: MIT
# PHP with an allocator of its own on mapped pages.
needs=php
run() {
    guarded php -n -r '$a = []; for ($i = 0; $i < 100000; $i++) $a["k" . ($i * 7919 % 100003)] = str_repeat("x", $i % 50);
        ksort($a); echo count($a), " ", md5(json_encode($a)), " ", preg_match_all("/x+/", implode(",", $a)), "\n";'
}
