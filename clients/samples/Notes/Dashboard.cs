using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;

namespace Notes;

/// <summary>A person's notes: needs a signed-in person, and asks for one by sending the browser to the hub.</summary>
internal static class Dashboard
{
    public static IResult Get(HttpContext context, Notebook notebook, IAntiforgery antiforgery) =>
        Show(context, notebook, antiforgery, problem: null);

    public static IResult Post(HttpContext context, Notebook notebook, IAntiforgery antiforgery, [FromForm] string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > Notebook.LongestNote)
        {
            context.Response.StatusCode = 400;
            return Show(context, notebook, antiforgery, $"A note has between 1 and {Notebook.LongestNote} characters.");
        }

        notebook.Add(Sub(context), text.Trim());
        return Results.Redirect("/dashboard");
    }

    private static IResult Show(HttpContext context, Notebook notebook, IAntiforgery antiforgery, string? problem)
    {
        var token = antiforgery.GetAndStoreTokens(context);
        var notes = notebook.Of(Sub(context)).Select(note => $"""<article class="card">{Layout.Encode(note)}</article>""");
        return Layout.Page(context, "Your notes", $"""
            <h1>Your notes</h1>
            <form class="card" method="post" action="/notes">
            <input type="hidden" name="{token.FormFieldName}" value="{token.RequestToken}">
            <label for="text">New note</label>
            <textarea id="text" name="text" rows="3" maxlength="{Notebook.LongestNote}" required></textarea>
            {(problem is null ? "" : $"""<p class="wrong" role="alert">{problem}</p>""")}
            <button id="save">Save</button></form>
            {string.Concat(notes)}
            """);
    }

    private static string Sub(HttpContext context) => context.User.FindFirstValue("sub")!;
}
