using Microsoft.AspNetCore.Identity;

namespace IdentityHub.Users;

/// <summary>What a person may do in the administration of the hub.</summary>
internal sealed class Role : IdentityRole<Guid>;
