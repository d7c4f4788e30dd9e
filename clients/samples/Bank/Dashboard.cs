using System.Globalization;
using System.Security.Claims;

namespace Bank;

/// <summary>A person's account: needs a signed-in person, and asks for one by sending the browser to the hub.</summary>
internal static class Dashboard
{
    private static readonly CultureInfo Numbers = CultureInfo.InvariantCulture;

    public static IResult Get(HttpContext context, Accounts accounts)
    {
        var account = accounts.Of(context.User.FindFirstValue("sub")!);
        var entries = account.Entries.Take(10).Select(entry =>
            $"""<div class="card row"><span>{Layout.Encode(entry.Text)}</span><span>{Euros(entry.Amount)}</span></div>""");
        return Layout.Page(context, "Your account", $"""
            <h1>Your account</h1>
            <p class="balance" id="balance">{Euros(account.Balance)}</p>
            <p><a class="button" id="new-transfer" href="/transfers">New transfer</a></p>
            {string.Concat(entries)}
            """);
    }

    private static string Euros(decimal amount) => string.Create(Numbers, $"{(amount < 0 ? "−" : "")}€ {Math.Abs(amount):#,0.00}");
}
