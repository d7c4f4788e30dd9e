using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using OpenIddict.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;

namespace IdentityHub.RelyingParties;

internal sealed class RelyingPartyTable : IEntityTypeConfiguration<RelyingParty>
{
    public void Configure(EntityTypeBuilder<RelyingParty> party)
    {
        new OpenIddictEntityFrameworkCoreApplicationConfiguration<RelyingParty, Grant, IssuedToken, string>().Configure(party);
        party.ToTable("relying_parties");
        party.Property(p => p.BackChannelLogoutUri).HasMaxLength(2000);
        party.Property(p => p.LogoutTokenSubject).HasConversion<string>().HasMaxLength(20);
        party.Property(p => p.IdTokenSignedResponseAlg).HasMaxLength(10);
        party.Property(p => p.Audiences).HasMaxLength(2000);
        party.Property(p => p.FrontChannelLogoutUri).HasMaxLength(2000);
        party.Property(p => p.TestUri).HasMaxLength(2000);
        party.Property(p => p.PreviousSecret).HasMaxLength(200);
        // Both databases know a number; only one knows an interval.
        party.Property(p => p.GiveUpAfter).HasConversion<WholeSeconds>();
    }
}

internal sealed class WholeSeconds() : ValueConverter<TimeSpan, int>(span => (int)span.TotalSeconds, seconds => TimeSpan.FromSeconds(seconds));

internal sealed class GrantTable : IEntityTypeConfiguration<Grant>
{
    public void Configure(EntityTypeBuilder<Grant> grant)
    {
        new OpenIddictEntityFrameworkCoreAuthorizationConfiguration<Grant, RelyingParty, IssuedToken, string>().Configure(grant);
        grant.ToTable("grants");
        grant.HasIndex(g => g.SessionId).HasFilter("status = 'valid'").HasDatabaseName("ix_grants_valid_by_session");
        grant.HasIndex(g => g.Subject).HasFilter("status = 'valid'").HasDatabaseName("ix_grants_valid_by_subject");
    }
}

internal sealed class IssuedTokenTable : IEntityTypeConfiguration<IssuedToken>
{
    public void Configure(EntityTypeBuilder<IssuedToken> token)
    {
        new OpenIddictEntityFrameworkCoreTokenConfiguration<IssuedToken, RelyingParty, Grant, string>().Configure(token);
        token.ToTable("issued_tokens");
        token.HasIndex(t => t.SessionId).HasFilter("status = 'valid'").HasDatabaseName("ix_issued_tokens_valid_by_session");
        token.HasIndex(t => t.Subject).HasFilter("status = 'valid'").HasDatabaseName("ix_issued_tokens_valid_by_subject");
    }
}

internal sealed class ScopeTable : IEntityTypeConfiguration<OpenIddictEntityFrameworkCoreScope>
{
    public void Configure(EntityTypeBuilder<OpenIddictEntityFrameworkCoreScope> scope)
    {
        new OpenIddictEntityFrameworkCoreScopeConfiguration<OpenIddictEntityFrameworkCoreScope, string>().Configure(scope);
        scope.ToTable("scopes");
    }
}

internal sealed class ConsentTable : IEntityTypeConfiguration<Consent>
{
    public void Configure(EntityTypeBuilder<Consent> consent)
    {
        consent.ToTable("consents");
        consent.HasKey(c => new { c.UserId, c.ClientId });
        consent.Property(c => c.ClientId).HasMaxLength(100);
        consent.Property(c => c.Scopes).HasMaxLength(2000);
    }
}
