using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Access;

/// <summary>
/// The roles are there from the start. Made by whoever needs one first, the row would be held by a transaction that then
/// waits for the person, while another holds the person and waits for the row.
/// </summary>
internal sealed class RoleTable : IEntityTypeConfiguration<Role>
{
    public void Configure(EntityTypeBuilder<Role> role) => role.HasData(Enum.GetValues<AdminRole>().Select(r => new Role
    {
        Id = new Guid($"01900000-0000-7000-8000-{(int)r:D12}"),
        Name = r.Name(),
        NormalizedName = r.Name().ToUpperInvariant(),
        ConcurrencyStamp = r.Name(),
    }));
}
