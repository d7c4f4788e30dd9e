namespace Bank;

/// <summary>The page everybody may see.</summary>
internal static class Home
{
    public static IResult Get(HttpContext context) => context.User.Identity?.IsAuthenticated is true
        ? Layout.Page(context, "Bank", $"""
            <h1>Good to see you, {Layout.Encode(context.User.Identity.Name)}.</h1>
            <p><a class="button" href="/dashboard">Open your account</a></p>
            """)
        : Layout.Page(context, "Bank", """
            <h1>Your money, at a glance.</h1>
            <p class="soft">Sign in once and you are signed in at Notes as well. Sign out there and your session here is over, at the server, within a second.</p>
            """);
}
