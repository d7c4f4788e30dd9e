using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;

namespace Bank;

/// <summary>A person's account: needs a signed-in person, and asks for one by sending the browser to the hub.</summary>
internal static class Dashboard
{
    private static readonly CultureInfo Numbers = CultureInfo.InvariantCulture;

    public static IResult Get(HttpContext context, Accounts accounts, IAntiforgery antiforgery) =>
        Show(context, accounts, antiforgery, problem: null);

    public static IResult Post(HttpContext context, Accounts accounts, IAntiforgery antiforgery, [FromForm] string? to, [FromForm] string? amount)
    {
        var problem =
            string.IsNullOrWhiteSpace(to) || to.Length > 60 ? "Name the receiver in 1 to 60 characters."
            : !decimal.TryParse(amount, NumberStyles.AllowDecimalPoint, Numbers, out var euros) || euros <= 0 || decimal.Round(euros, 2) != euros
                ? "The amount must be euros and cents above zero, such as 12.50."
            : !accounts.Transfer(Sub(context), to.Trim(), euros) ? "The account does not hold that much."
            : null;

        if (problem is null)
        {
            return Results.Redirect("/dashboard");
        }

        context.Response.StatusCode = 400;
        return Show(context, accounts, antiforgery, problem);
    }

    private static IResult Show(HttpContext context, Accounts accounts, IAntiforgery antiforgery, string? problem)
    {
        var token = antiforgery.GetAndStoreTokens(context);
        var account = accounts.Of(Sub(context));
        var entries = account.Entries.Take(10).Select(entry =>
            $"""<div class="card row"><span>{Layout.Encode(entry.Text)}</span><span>{Euros(entry.Amount)}</span></div>""");
        return Layout.Page(context, "Your account", $"""
            <h1>Your account</h1>
            <p class="balance" id="balance">{Euros(account.Balance)}</p>
            <form class="card" method="post" action="/transfers">
            <input type="hidden" name="{token.FormFieldName}" value="{token.RequestToken}">
            <label for="to">Send to</label><input id="to" name="to" maxlength="60" required>
            <label for="amount">Amount in euros</label><input id="amount" name="amount" inputmode="decimal" placeholder="12.50" required>
            {(problem is null ? "" : $"""<p class="wrong" role="alert">{problem}</p>""")}
            <button id="transfer">Transfer</button></form>
            {string.Concat(entries)}
            """);
    }

    private static string Euros(decimal amount) => string.Create(Numbers, $"{(amount < 0 ? "−" : "")}€ {Math.Abs(amount):#,0.00}");

    private static string Sub(HttpContext context) => context.User.FindFirstValue("sub")!;
}
