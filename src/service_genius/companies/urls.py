from django.urls import path

from service_genius.companies import views

app_name = "companies"
urlpatterns = [
    path("settings/", views.index, name="settings"),
    path("demo/", views.demo_login, name="demo_login"),
]
