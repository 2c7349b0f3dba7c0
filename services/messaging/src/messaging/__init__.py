"""Templates, messages to recipients (alimtalk, else MMS), one-time codes by SMS or mail, and mails."""
