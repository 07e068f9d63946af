"""The sidecar's client for notebooks and programs: what `pinokiocloud` and `pinokiocloud.aio` stand on."""
