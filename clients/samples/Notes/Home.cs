namespace Notes;

/// <summary>The page everybody may see.</summary>
internal static class Home
{
    public static IResult Get(HttpContext context) => context.User.Identity?.IsAuthenticated is true
        ? Layout.Page(context, "Notes", $"""
            <h1>Welcome back, {Layout.Encode(context.User.Identity.Name)}.</h1>
            <p><a class="button" href="/dashboard">Open your notes</a></p>
            """)
        : Layout.Page(context, "Notes", """
            <h1>Short notes, kept for you.</h1>
            <p class="soft">Sign in once and you are signed in at Bank as well. Sign out here and you are signed out there, at the server, within a second.</p>
            """);
}
