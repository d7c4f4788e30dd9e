using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Protocol;

/// <summary>
/// The parameters of a request that was POSTed to the authorization or end-session endpoint, kept until the browser
/// comes back by GET: a <c>SameSite=Lax</c> cookie is not sent with a cross-site POST, but is with the GET that
/// follows a 303.
/// </summary>
internal sealed class PostedRequest
{
    /// <summary>SHA-256 of the reference in the URL, in hexadecimal.</summary>
    public required string Id { get; init; }

    /// <summary>The form, URL-encoded.</summary>
    public required string Parameters { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

internal sealed class PostedRequestTable : IEntityTypeConfiguration<PostedRequest>
{
    public void Configure(EntityTypeBuilder<PostedRequest> request)
    {
        request.ToTable("posted_requests");
        request.Property(r => r.Id).HasMaxLength(64);
        request.HasIndex(r => r.ExpiresAt);
    }
}
