/**
 * For tests alone, and its own authority, until 2126:
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500
 * -subj /CN=test -addext subjectAltName=IP:127.0.0.1,DNS:localhost`.
 */
export const cert = `-----BEGIN CERTIFICATE-----
MIIBkjCCATegAwIBAgIUC0EVswL6Y3gWj0I0fg1YM3Odq2gwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjExMTIyMDdaGA8yMTI2MTAyODExMjIw
N1owDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABL3W
9oYeTcj/cW6/k8NN9omc6fA82iF82drOnsUS9Hyj+dqhARpajiG9SS7Sy3QhwMgW
/b/C0xaBP7i3pe64pLWjbzBtMB0GA1UdDgQWBBSUlfqPfWPIAlUz4SKT8jImYwU6
JTAfBgNVHSMEGDAWgBSUlfqPfWPIAlUz4SKT8jImYwU6JTAaBgNVHREEEzARhwR/
AAABgglsb2NhbGhvc3QwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBG
AiEArNCHt2TKKQkm7EKDXfNEc7BIU5inG8Eay5IPekrLOjwCIQD8JWmmT/PEbh8Y
icnCHL2sJf1qXSgew6PjYSC+ZH5qYg==
-----END CERTIFICATE-----
`
export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgo0BEmumAnTDUdbjC
quVJcahAjDTXOFaDjiX4wFKB692hRANCAAS91vaGHk3I/3Fuv5PDTfaJnOnwPNoh
fNnazp7FEvR8o/naoQEaWo4hvUku0st0IcDIFv2/wtMWgT+4t6XuuKS1
-----END PRIVATE KEY-----
`
