# SPDX-License-Identifier: MIT
# nginx: a process that starts two others, its own pools, a clean end by a signal.
needs="nginx ab"
prepare() {
    mkdir www && seq 1 5000 >www/page
}
run() {
    local port server
    port=$(free_port)
    cat >configuration <<END
daemon off; worker_processes 2; pid $PWD/pid; error_log $PWD/log;
$( ((EUID)) || echo "user root;")
events { worker_connections 64; }
http {
    access_log off; gzip on; gzip_types text/plain; default_type text/plain;
    client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
    server { listen 127.0.0.1:$port; root $PWD/www; }
}
END
    guarded nginx -p "$PWD" -c "$PWD/configuration" &
    server=$!
    wait_for curl -s "http://127.0.0.1:$port/page" || return
    ab -q -k -c 8 -n 2000 -H "Accept-Encoding: gzip" "http://127.0.0.1:$port/page" | grep -E '^(Complete|Failed|Document Length)'
    curl -s "http://127.0.0.1:$port/page" | cksum
    kill -QUIT "$(cat pid)"
    wait "$server"
}
