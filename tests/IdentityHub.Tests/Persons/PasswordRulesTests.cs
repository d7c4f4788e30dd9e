using System.Diagnostics;
using IdentityHub.Persons;
using IdentityHub.Pages;
using Microsoft.Extensions.Options;
using Xunit;

namespace IdentityHub.Tests.Persons;

public sealed class PasswordRulesTests
{
    private const string Common = "This is one of the most used passwords";
    private const string Context = "This is made of your name, your address or the name of Acme Works";
    private const string Pattern = "This follows a pattern that is guessed quickly";

    private readonly PasswordRules _rules = new(Options.Create(new PagesOptions { Name = "Acme Works" }));

    [Theory]
    [InlineData("password", Common)]
    [InlineData("Password1", Common)]
    [InlineData("p@ssword", Common)]
    [InlineData("iloveyou", Common)]
    [InlineData("qwertyuiop", Common)]
    [InlineData("aaaaaaaa", Pattern)]
    [InlineData("abcdefgh", Pattern)]
    [InlineData("19841984", Pattern)]
    [InlineData("AdaLovelace", Context)]
    [InlineData("lovelace1", Context)]
    [InlineData("countess99", Context)]
    [InlineData("acmeworks", Context)]
    [InlineData("short", "Your password is too short; use at least 8 characters.")]
    public void What_others_try_first_is_refused_with_the_reason(string password, string error) =>
        Assert.StartsWith(error, _rules.Error(password, "Ada Lovelace", "countess@example.com") ?? "taken", StringComparison.Ordinal);

    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("four quite different words")]
    [InlineData("Xk9#vQ2m")]
    [InlineData("zebra lovelace piano 7")]
    [InlineData("пароль-и-ещё-слова")]
    public void What_is_hard_to_guess_is_taken_whatever_it_is_made_of(string password) =>
        Assert.Null(_rules.Error(password, "Ada Lovelace", "countess@example.com"));

    [Fact]
    public void The_longest_password_is_judged_in_a_moment()
    {
        var started = Stopwatch.GetTimestamp();

        Assert.Null(_rules.Error(string.Concat(Enumerable.Range(0, 64).Select(n => $"{(char)('a' + (n % 23))}{n % 7}")), "Ada Lovelace"));
        Assert.NotNull(_rules.Error(new string('x', NewAccount.LongestPassword), "Ada Lovelace"));
        _rules.Error(string.Concat(Enumerable.Repeat("p@55w0rd", 6)), "Ada Lovelace");

        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5), $"{Stopwatch.GetElapsedTime(started)}");
    }
}
