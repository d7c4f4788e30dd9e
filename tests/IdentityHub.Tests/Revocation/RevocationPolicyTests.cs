using IdentityHub.Revocation;
using Xunit;

namespace IdentityHub.Tests.Revocation;

public sealed class RevocationPolicyTests
{
    public static TheoryData<string> Reasons => [.. Enum.GetNames<RevocationReason>()];

    [Theory, MemberData(nameof(Reasons))]
    public void Every_reason_has_a_row(string reason) => Assert.NotNull(RevocationPolicy.For(Enum.Parse<RevocationReason>(reason)));

    [Fact]
    public void A_reason_without_a_row_ends_nothing_by_accident() =>
        Assert.Throws<System.Diagnostics.UnreachableException>(() => RevocationPolicy.For((RevocationReason)int.MaxValue));

    // specs.md §3.4: a logout ends what the person has at hand, a security event everything that may be a thief's.
    [Theory]
    [InlineData(nameof(RevocationReason.SignedOut), nameof(SessionsEnded.ThisOne), nameof(TokensRevoked.OfSessions))]
    [InlineData(nameof(RevocationReason.IdleTimeout), nameof(SessionsEnded.ThisOne), nameof(TokensRevoked.OfSessions))]
    [InlineData(nameof(RevocationReason.SignedOutOthers), nameof(SessionsEnded.Others), nameof(TokensRevoked.OfSessions))]
    [InlineData(nameof(RevocationReason.SignedOutEverywhere), nameof(SessionsEnded.All), nameof(TokensRevoked.OfSessions))]
    [InlineData(nameof(RevocationReason.PasswordChanged), nameof(SessionsEnded.Others), nameof(TokensRevoked.AllOfPerson))]
    [InlineData(nameof(RevocationReason.EmailChanged), nameof(SessionsEnded.Others), nameof(TokensRevoked.AllOfPerson))]
    [InlineData(nameof(RevocationReason.SecondFactorEnabled), nameof(SessionsEnded.Others), nameof(TokensRevoked.AllOfPerson))]
    [InlineData(nameof(RevocationReason.PasswordReset), nameof(SessionsEnded.All), nameof(TokensRevoked.AllOfPerson))]
    [InlineData(nameof(RevocationReason.RevokedByAdministrator), nameof(SessionsEnded.All), nameof(TokensRevoked.AllOfPerson))]
    [InlineData(nameof(RevocationReason.AccountDisabled), nameof(SessionsEnded.All), nameof(TokensRevoked.AllOfPerson))]
    [InlineData(nameof(RevocationReason.AccountClosed), nameof(SessionsEnded.All), nameof(TokensRevoked.AllOfPerson))]
    public void The_matrix_says_what_each_event_ends(string reason, string sessions, string tokens)
    {
        var policy = RevocationPolicy.For(Enum.Parse<RevocationReason>(reason));

        Assert.Equal((sessions, tokens), (policy.Sessions.ToString(), policy.Tokens.ToString()));
    }
}
