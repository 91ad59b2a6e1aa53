"""The ways out of the house for messages: SMTP and an SMS gateway; each stays shut until it is configured."""

from ringwall.shell.messages.configuration import message_doors
from ringwall.shell.messages.sms import SmsDoor, SmsGateway
from ringwall.shell.messages.smtp import MailServer, SmtpDoor

__all__ = ["MailServer", "SmsDoor", "SmsGateway", "SmtpDoor", "message_doors"]
