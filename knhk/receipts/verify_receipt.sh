field() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/" receipt.dsse.json; }
field payload | base64 -d > payload
field sig | base64 -d > signature
type=$(field payloadType)
{ printf 'DSSEv1 %d %s %d ' "${#type}" "$type" "$(wc -c < payload)"; cat payload; } > signed
openssl pkeyutl -verify -pubin -inkey key.pub -rawin -in signed -sigfile signature
