"""The pages of Sync with QuickBooks."""

from django.urls import path

from . import views

app_name = "quickbooks"
urlpatterns = [
    path("", views.home, name="home"),
    path("connect/", views.connect, name="connect"),
    path("callback/", views.callback, name="callback"),
    path("disconnect/", views.disconnect, name="disconnect"),
    path("choices/", views.choices, name="choices"),
    path("sync/", views.sync, name="sync"),
    path("history/<int:id>/sync/", views.sync_as_shown, name="sync_as_shown"),
    path("history/<int:id>/answer/", views.answer_question, name="answer"),
    path("tips/hide/", views.hide_tips, name="hide_tips"),
    path("stop/", views.stop, name="stop"),
    path("status/", views.status, name="status"),
    path("attention/", views.attention, name="attention"),
    path("attention/<int:id>/again/", views.try_again, name="try_again"),
    path("attention/<int:id>/<slug:what>/", views.mend_issue, name="mend"),
    path("history/", views.history, name="history"),
    path("history/<int:id>/", views.run_page, name="run"),
]
