#!/bin/sh
# Throwaway certificates for the tests' servers: good ones by a CA of their
# own, and each way to be wrong.  usage: certs.sh FOLDER
set -eu
cd "$1"
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
ca() { # NAME
	key "$1"
	openssl req -new -x509 -days 7300 -key "$1.key" -subj "/CN=$1" \
		-out "$1.pem"
}
signed() { # NAME CA DAYS HOST
	openssl req -new -key any.key -subj "/CN=$4" -out "$1.csr"
	printf 'subjectAltName=%s\n' "${5:-DNS:$4}" >"$1.ext"
	openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" \
		-set_serial "$(od -An -N6 -tu8 /dev/urandom | tr -d ' ')" \
		-days "$3" -extfile "$1.ext" -out "$1.crt" 2>/dev/null
	cat "$1.crt" any.key >"$1.pem"
}
key any
ca ca
ca stranger
signed good ca 7300 localhost DNS:localhost,IP:127.0.0.1
signed wrongname ca 7300 other.example.com
signed expired ca -1 localhost
signed unknown stranger 7300 localhost
openssl req -new -x509 -days 7300 -key any.key -subj /CN=localhost \
	-addext subjectAltName=DNS:localhost -out selfsigned.crt
cat selfsigned.crt any.key >selfsigned.pem
