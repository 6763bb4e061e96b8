"""Who may do what on the router: users, passwords, privilege, and method lists, AAA servers."""
