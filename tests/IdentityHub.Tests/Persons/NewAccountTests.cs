using IdentityHub.Persons;
using Xunit;

namespace IdentityHub.Tests.Persons;

public sealed class NewAccountTests
{
    [Theory]
    [InlineData("12345678")]
    [InlineData("aaaaaaaa")]
    [InlineData("        ")]
    [InlineData("пароль-и-ещё")]
    public void Any_password_that_is_long_enough_is_taken(string password) => Assert.Null(NewAccount.PasswordError(password));

    [Fact]
    public void A_password_is_taken_up_to_its_greatest_length() => Assert.Null(NewAccount.PasswordError(new string('x', NewAccount.LongestPassword)));

    [Theory]
    [InlineData(null, "Choose a password.")]
    [InlineData("1234567", "Your password is too short; use at least 8 characters.")]
    public void A_refused_password_comes_with_the_fix(string? password, string error) => Assert.Equal(error, NewAccount.PasswordError(password));

    [Fact]
    public void A_password_is_never_cut() =>
        Assert.Equal("Your password has 129 characters; use at most 128.", NewAccount.PasswordError(new string('x', NewAccount.LongestPassword + 1)));

    [Theory]
    [InlineData("ada@example.com", true)]
    [InlineData("ada+notes@sub.example.co.uk", true)]
    [InlineData("ädä@exämple.de", true)]
    [InlineData("ada", false)]
    [InlineData("ada@", false)]
    [InlineData("@example.com", false)]
    [InlineData("ada@example.com, bob@example.com", false)]
    [InlineData("Ada <ada@example.com>", false)]
    [InlineData("ada@example.com\r\nBcc: x@example.com", false)]
    [InlineData("ada\0@example.com", false)]
    public void An_address_is_one_address_and_nothing_else(string email, bool taken) => Assert.Equal(taken, NewAccount.EmailError(email) is null);

    [Fact]
    public void An_address_is_at_most_254_characters() => Assert.NotNull(NewAccount.EmailError(new string('a', 243) + "@example.com"));

    [Theory]
    [InlineData("Ада Лавлейс", true)]
    [InlineData("X", true)]
    [InlineData("", false)]
    [InlineData("Ada\nLovelace", false)]
    public void A_name_is_whatever_can_be_shown(string name, bool taken) => Assert.Equal(taken, NewAccount.NameError(name) is null);
}
