from django.urls import path

from service_genius.ui import views

app_name = "ui"
urlpatterns = [path("", views.home, name="home")]
