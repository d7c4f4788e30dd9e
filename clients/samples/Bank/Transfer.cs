using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;

namespace Bank;

/// <summary>Sends money, which needs a person who proved who they are within the last minutes.</summary>
internal static class Transfer
{
    /// <summary>For the form to be filled in and sent.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    public static IResult Get(HttpContext context, IAntiforgery antiforgery) => Show(context, antiforgery, problem: null);

    public static IResult Post(HttpContext context, Accounts accounts, IAntiforgery antiforgery, [FromForm] string? to, [FromForm] string? amount)
    {
        var problem =
            string.IsNullOrWhiteSpace(to) || to.Length > 60 ? "Name the receiver in 1 to 60 characters."
            : !decimal.TryParse(amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var euros) || euros <= 0 || decimal.Round(euros, 2) != euros
                ? "The amount must be euros and cents above zero, such as 12.50."
            : !accounts.Transfer(context.User.FindFirstValue("sub")!, to.Trim(), euros) ? "The account does not hold that much."
            : null;

        if (problem is null)
        {
            return Results.Redirect("/dashboard");
        }

        context.Response.StatusCode = 400;
        return Show(context, antiforgery, problem);
    }

    private static IResult Show(HttpContext context, IAntiforgery antiforgery, string? problem)
    {
        var token = antiforgery.GetAndStoreTokens(context);
        return Layout.Page(context, "New transfer", $"""
            <h1>New transfer</h1>
            <form class="card" method="post" action="/transfers">
            <input type="hidden" name="{token.FormFieldName}" value="{token.RequestToken}">
            <label for="to">Send to</label><input id="to" name="to" maxlength="60" required>
            <label for="amount">Amount in euros</label><input id="amount" name="amount" inputmode="decimal" placeholder="12.50" required>
            {(problem is null ? "" : $"""<p class="wrong" role="alert">{problem}</p>""")}
            <button id="transfer">Transfer</button> <a href="/dashboard">Back</a></form>
            """);
    }
}
