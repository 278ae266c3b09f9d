"""What every answer of the server carries, and which requests it does not answer."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from webui.settings import LARGEST_BODY, LARGEST_UPLOAD, WebSettings, is_loopback

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # the base style sheet draws its arrows and ticks as data: images
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

UPLOAD = "imports.upload"
"""The one page that takes a file."""

csrf = CSRFProtect()


def install(app: Flask, settings: WebSettings) -> None:
    """Session cookies, cross-site request forgery, hosts, body size and headers, for every page there will
    be."""
    app.secret_key = settings.secret_key
    app.config.update(
        # A prefix that browsers honour: such a cookie was set by this host, over TLS.
        SESSION_COOKIE_NAME="__Host-parley" if settings.secure_cookies else "parley",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_REFRESH_EACH_REQUEST=False,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=500,
        WTF_CSRF_TIME_LIMIT=None,  # valid as long as the session is, so that a long answer is not lost
        WTF_CSRF_SSL_STRICT=True,
    )
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]  # as Flask's documentation has it

    @app.before_request
    def _room() -> None:
        # Before the forgery token is looked for: that reads the whole of what was sent.
        if request.endpoint == UPLOAD:
            request.max_content_length = LARGEST_UPLOAD

    csrf.init_app(app)

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.secure_cookies:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def from_this_machine(settings: WebSettings) -> bool:
    """Whether the request comes from the machine the server runs on, and could come from nowhere else.

    All three must hold: the server is bound to the loopback address, the peer is on it, and the page was
    asked for under a loopback name (else a foreign site's name could be made to point here).
    """
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    return (
        settings.bound_to_loopback
        and not settings.behind_proxy
        and is_loopback(request.remote_addr)
        and is_loopback(host)
        and "X-Forwarded-For" not in request.headers
    )
