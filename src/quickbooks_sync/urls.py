"""The pages of Sync with QuickBooks."""

from django.urls import path

from .pages import apart_views, attention_views, books, differences, entering, likely_views, views

app_name = "quickbooks"
urlpatterns = [
    path("", views.home, name="home"),
    path("connect/", views.connect, name="connect"),
    path("callback/", views.callback, name="callback"),
    path("disconnect/", views.disconnect, name="disconnect"),
    path("choices/", views.choices, name="choices"),
    path("differences/", differences.differences, name="differences"),
    path("books/", books.books_page, name="books"),
    path("books/check/", books.check_books, name="check_books"),
    path("books/checking/", books.checking, name="checking_books"),
    path("books/items/", books.items, name="books_items"),
    path("sync/", views.sync, name="sync"),
    path("history/<int:id>/sync/", views.sync_as_shown, name="sync_as_shown"),
    path("history/<int:id>/answer/", views.answer_question, name="answer"),
    path("history/<int:id>/stop/", views.stop, name="stop"),
    path("tips/hide/", views.hide_tips, name="hide_tips"),
    path("status/", views.status, name="status"),
    path("attention/", attention_views.attention, name="attention"),
    path("attention/others/", attention_views.all_different, name="all_different"),
    path("attention/replaced/<int:id>/<slug:what>/", attention_views.replaced, name="replaced"),
    path("attention/<int:id>/", attention_views.issue, name="issue"),
    path("attention/<int:id>/again/", attention_views.try_again, name="try_again"),
    path("attention/<int:id>/<slug:what>/", attention_views.resolve_issue, name="mend"),
    path("same/", likely_views.likely, name="likely"),
    path("same/accept/", likely_views.accept, name="accept"),
    path("same/<int:id>/search/", likely_views.search, name="search"),
    path("same/<int:id>/later/", likely_views.put_off, name="put_off"),
    path("settled/<int:id>/again/", likely_views.ask_again, name="ask_again"),
    path("records/<slug:kind>/<int:id>/stop/", attention_views.stop_record, name="stop_record"),
    path("records/entering/", entering.entering, name="entering"),
    path("records/<slug:kind>/<int:id>/another/", apart_views.another, name="another"),
    path("records/<int:id>/apart/", apart_views.take_apart, name="apart"),
    path("records/<int:id>/start/", attention_views.start_record, name="start_record"),
    path("history/", views.history, name="history"),
    path("history/<int:id>/", views.run_page, name="run"),
]
