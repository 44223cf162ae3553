"""The tenant, and who may log in to it. Deliberately absent: groups and permissions; a role says it all."""

from datetime import date
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone


class Company(models.Model):
    """One field-service company; every record belongs to one."""

    name = models.CharField(max_length=100)
    zone = models.CharField("time zone", max_length=64)
    currency = models.CharField(max_length=3, default="USD")
    revision = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def today(self) -> date:
        """The day it is where the company works; for pages only, operations are told their dates."""
        return timezone.localdate(timezone=self.tz)


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    OFFICE = "office", "Office"


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> models.QuerySet["User"]:
        # Every page shows the company of its user.
        return super().get_queryset().select_related("company")

    def create_user(self, *, email: str, password: str, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person of one company, who logs in by e-mail."""

    email = models.EmailField("e-mail", unique=True)
    name = models.CharField(max_length=100)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="users")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.OFFICE)
    is_active = models.BooleanField("active", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER
