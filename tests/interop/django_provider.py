"""An OpenID provider of Django OAuth Toolkit with Django's own log-in view, and one person and one application in it."""
import os
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings

HOST, ISSUER = os.environ["HOST"], os.environ["ISSUER"]
TEMPLATES = {
    "registration/login.html": '<form method="post">{% csrf_token %}{{ form.as_p }}<button>Log in</button></form>',
}

settings.configure(
    SECRET_KEY=os.environ["CLIENT_SECRET"],
    ALLOWED_HOSTS=[HOST],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "provider.sqlite"}},
    INSTALLED_APPS=[
        "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.staticfiles", "oauth2_provider",
    ],
    # The tables as they are now, without their history, which takes seconds.
    MIGRATION_MODULES={"auth": None, "contenttypes": None, "sessions": None, "oauth2_provider": None},
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"loaders": [
            ("django.template.loaders.locmem.Loader", TEMPLATES), "django.template.loaders.app_directories.Loader",
        ]},
    }],
    LOGIN_URL="/login/",
    STATIC_URL="/static/",
    OAUTH2_PROVIDER={
        "OIDC_ENABLED": True,
        "OIDC_ISS_ENDPOINT": ISSUER,
        "OIDC_RSA_PRIVATE_KEY": os.environ["RSA_KEY"],
        "OAUTH2_VALIDATOR_CLASS": f"{__name__}.Validator",
        "PKCE_REQUIRED": True,
        "SCOPES": {"openid": "Who you are", "profile": "Your name", "email": "Your e-mail address"},
    },
)
django.setup()

from django.contrib.auth import get_user_model
from django.contrib.auth.views import LoginView
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import include, path
from oauth2_provider.models import get_application_model
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.views import ConnectDiscoveryInfoView


class Validator(OAuth2Validator):
    def get_additional_claims(self, request):
        return {"name": request.user.get_full_name(), "email": request.user.email, "email_verified": True}


urlpatterns = [
    # This version of the toolkit has the address of OpenID Connect Discovery with a slash at the end only.
    path("o/.well-known/openid-configuration", ConnectDiscoveryInfoView.as_view()),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("login/", LoginView.as_view()),
]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Handler(WSGIRequestHandler):
    def address_string(self):
        return self.client_address[0]


call_command("migrate", run_syncdb=True, verbosity=0)
person = get_user_model().objects.create_user(
    os.environ["LOGIN"], email=os.environ["EMAIL"], password=os.environ["PASSWORD"], first_name="Dora", last_name="Django")
Application = get_application_model()
Application.objects.create(
    name="Stoa", client_id="stoa", client_secret=os.environ["CLIENT_SECRET"], redirect_uris=os.environ["REDIRECT"],
    client_type=Application.CLIENT_CONFIDENTIAL, authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
    algorithm=Application.RS256_ALGORITHM)
with make_server(HOST, int(os.environ["PORT"]), get_wsgi_application(), Server, Handler) as server:
    print(f"ready {person.pk}", flush=True)
    server.serve_forever()
