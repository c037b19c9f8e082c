"""Addresses: French paths, English names. Sign-in keeps django-allauth's names, which it reverses."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as sessions
from django.contrib import admin
from django.urls import include, path, re_path

from apmsl.lib.health import health
from apmsl.lib.views import components, text_preview
from events.views import certificates

sign_in = [
    path("connexion/", account.login, name="account_login"),
    path("connexion/code/", account.request_login_code, name="account_request_login_code"),
    path("connexion/code/saisie/", account.confirm_login_code, name="account_confirm_login_code"),
    path("connexion/cle/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("connexion/preuve/", mfa.authenticate, name="mfa_authenticate"),
    path("confirmation/", account.reauthenticate, name="account_reauthenticate"),
    path("confirmation/preuve/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("confirmation/cle/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("inactif/", account.account_inactive, name="account_inactive"),
    path("inscription/", account.signup, name="account_signup"),
]
password = [
    path("", account.password_change, name="account_change_password"),
    path("choix/", account.password_set, name="account_set_password"),
    path("oubli/", account.password_reset, name="account_reset_password"),
    path("oubli/envoi/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "nouveau/fait/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
addresses = [
    path("", account.email, name="account_email"),
    path("code/", account.email_verification_sent, name="account_email_verification_sent"),
]
second_factor = [
    path("", mfa.index, name="mfa_index"),
    path("application/ajout/", totp.activate_totp, name="mfa_activate_totp"),
    path("application/retrait/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("cles/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("cles/ajout/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("cles/<int:pk>/retrait/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("cles/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "codes/nouveaux/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "codes/fichier/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
account_pages = [
    path("", include(sign_in)),
    path("mot-de-passe/", include(password)),
    path("adresses/", include(addresses)),
    path("securite/", include(second_factor)),
    path("appareils/", sessions.list_usersessions, name="usersessions_list"),
]

handler500 = "apmsl.lib.views.broken"
urlpatterns = [
    path("", include("members.urls")),
    path("boite-a-outils/", include("toolbox.urls")),
    path("evenements/", include("events.urls")),
    path("attestations/<str:certificate_code>/", certificates.check, name="certificate"),
    path("reseau/", include("network.urls")),
    path("formations/", include("training.urls")),
    path("rapports/", include("reports.urls")),
    path("travaux/", include("apmsl.jobs.urls")),
    path("compte/", include(account_pages)),
    path("administration/", admin.site.urls),
    path("sante/", health, name="health"),
    path("composants/", components, name="components"),
    path("apercu-du-texte/", text_preview, name="text_preview"),
]
