"""The ways out of the house for messages: SMTP and an SMS gateway; each stays shut until it is configured."""

from ringwall.shell.messages.configuration import message_doors, returns_box
from ringwall.shell.messages.sms import SmsDoor, SmsGateway
from ringwall.shell.messages.smtp import MailServer, SmtpDoor
from ringwall.shell.messages.statuses import opened_box, read_statuses
from ringwall.shell.messages.texts import is_mail_address, is_phone_number

__all__ = [
    "MailServer",
    "SmsDoor",
    "SmsGateway",
    "SmtpDoor",
    "is_mail_address",
    "is_phone_number",
    "message_doors",
    "opened_box",
    "read_statuses",
    "returns_box",
]
