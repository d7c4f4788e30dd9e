using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace IdentityHub.Users;

/// <summary>
/// A word by which a person is found: one of their name, or the whole address. Kept by <c>HubDb</c> whenever an account is
/// written, so that a search among a million people touches the rows it finds and no other.
/// </summary>
internal sealed partial class UserWord
{
    public const int Longest = 256;

    /// <summary>As <see cref="Normalize"/> makes it.</summary>
    public required string Word { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>Without accents and in capitals: who types <c>muller</c> finds Müller. Pure.</summary>
    public static string Normalize(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormKD).Where(c => CharUnicodeInfo.GetUnicodeCategory(c) is not UnicodeCategory.NonSpacingMark && !char.IsControl(c)))
        {
            plain.Append(c);
        }

        return plain.ToString().ToUpperInvariant();
    }

    /// <summary>The words of a person; <c>Anne-Marie</c> is found by <c>marie</c> as well, and who is nobody by none. Pure.</summary>
    public static IReadOnlyList<string> Of(User user) => user.Synthetic ? [] :
    [
        .. Spaces().Split(user.DisplayName).SelectMany(word => Parts().Split(word).Append(word)).Append(user.Email ?? "")
            .Where(word => word.Length > 0 && word.Any(char.IsLetterOrDigit))
            .Select(word => Cut(Normalize(word)))
            .Distinct(StringComparer.Ordinal),
    ];

    private static string Cut(string word) => word.Length <= Longest ? word : word[..Longest];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"[^\p{L}\p{N}\p{M}]+")]
    private static partial Regex Parts();
}

internal sealed class UserWordTable : IEntityTypeConfiguration<UserWord>
{
    public void Configure(EntityTypeBuilder<UserWord> word)
    {
        word.ToTable("user_words");
        word.Property(w => w.Word).HasMaxLength(UserWord.Longest);
        // In this order a prefix is a range of the key.
        word.HasKey(w => new { w.Word, w.UserId });
        word.HasIndex(w => new { w.UserId, w.Word });
        word.HasOne<User>().WithMany().HasForeignKey(w => w.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
